// SPDX-License-Identifier: GPL-3.0
/*
    Copyright 2021 0KIMS association.

    This file is generated with [snarkJS](https://github.com/iden3/snarkjs).

    snarkJS is a free software: you can redistribute it and/or modify it
    under the terms of the GNU General Public License as published by
    the Free Software Foundation, either version 3 of the License, or
    (at your option) any later version.

    snarkJS is distributed in the hope that it will be useful, but WITHOUT
    ANY WARRANTY; without even the implied warranty of MERCHANTABILITY
    or FITNESS FOR A PARTICULAR PURPOSE. See the GNU General Public
    License for more details.

    You should have received a copy of the GNU General Public License
    along with snarkJS. If not, see <https://www.gnu.org/licenses/>.
*/

pragma solidity >=0.7.0 <0.9.0;

/// @notice DEVELOPMENT KEY: its secret is published, so anybody can forge proofs for it.
/// Deployment to a public network must be refused.
contract TrainingStepDevVerifier {
    // Scalar field size
    uint256 constant r    = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    // Base field size
    uint256 constant q   = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    // Verification Key data
    uint256 constant alphax  = 17284597933316017115661823257495409740032223724842740911046742858496240485657;
    uint256 constant alphay  = 6515765329594601466421031084967844872249493672290111332692496159909021295389;
    uint256 constant betax1  = 10035138554161899267820357779023502728077451214606497252887543031237682176442;
    uint256 constant betax2  = 14557660920331512581711287024648481865700753495459863948682211892338075413602;
    uint256 constant betay1  = 3268391135194745224379331868352502611461562124044069643224995741649246280531;
    uint256 constant betay2  = 7683096675722734545553947091517636294215726376521231012105763571153478248548;
    uint256 constant gammax1 = 482788168841877312681810784218025280936742801962232332805896591185574760569;
    uint256 constant gammax2 = 18334635820769398652546851372368527689744567360479856273554021543561447788924;
    uint256 constant gammay1 = 18510667978524364794383094163645366263809852514436805806831335755101042894182;
    uint256 constant gammay2 = 6626970898639692160771088561300943317617612734296792060528761853531399800988;
    uint256 constant deltax1 = 14006938135230772174561158579785321596290731382037936732073800102078882829130;
    uint256 constant deltax2 = 17697935903829509141346272315974245522286496698565610145356534507655033547913;
    uint256 constant deltay1 = 20277123006927916228564150365449362134170227499348299493396286654371721119794;
    uint256 constant deltay2 = 1441545071801563512358465418956635695342699813153393377527421546274909681824;


    uint256 constant IC0x = 16993520570479859057680863043834895396051371607181500451344075827041369183131;
    uint256 constant IC0y = 4092196906459080377730755664531867080760484917754751482396575909178841543601;

    uint256 constant IC1x = 21607427319479599762995569581666905843625630485672222647735278163441326771489;
    uint256 constant IC1y = 5053765779179623582048428223212111774696212035458945263595242507617828548378;

    uint256 constant IC2x = 7806685438000777962051999398259032061091988939449337112181668214639429636748;
    uint256 constant IC2y = 5694317152188124450308371886149610729337314570064178961796085840480003438739;

    uint256 constant IC3x = 17051242858894173735010710462962684754693428900210546504151648071651469284395;
    uint256 constant IC3y = 8559601716805638845122398683178720585173839684759315511171008843742522215848;


    // Memory data
    uint16 constant pVk = 0;
    uint16 constant pPairing = 128;

    uint16 constant pLastMem = 896;

    function verifyProof(uint[2] calldata _pA, uint[2][2] calldata _pB, uint[2] calldata _pC, uint[3] calldata _pubSignals) public view returns (bool) {
        assembly {
            function checkField(v) {
                if iszero(lt(v, r)) {
                    mstore(0, 0)
                    return(0, 0x20)
                }
            }

            // G1 function to multiply a G1 value(x,y) to value in an address
            function g1_mulAccC(pR, x, y, s) {
                let success
                let mIn := mload(0x40)
                mstore(mIn, x)
                mstore(add(mIn, 32), y)
                mstore(add(mIn, 64), s)

                success := staticcall(sub(gas(), 2000), 7, mIn, 96, mIn, 64)

                if iszero(success) {
                    mstore(0, 0)
                    return(0, 0x20)
                }

                mstore(add(mIn, 64), mload(pR))
                mstore(add(mIn, 96), mload(add(pR, 32)))

                success := staticcall(sub(gas(), 2000), 6, mIn, 128, pR, 64)

                if iszero(success) {
                    mstore(0, 0)
                    return(0, 0x20)
                }
            }

            function checkPairing(pA, pB, pC, pubSignals, pMem) -> isOk {
                let _pPairing := add(pMem, pPairing)
                let _pVk := add(pMem, pVk)

                mstore(_pVk, IC0x)
                mstore(add(_pVk, 32), IC0y)

                // Compute the linear combination vk_x

                g1_mulAccC(_pVk, IC1x, IC1y, calldataload(add(pubSignals, 0)))

                g1_mulAccC(_pVk, IC2x, IC2y, calldataload(add(pubSignals, 32)))

                g1_mulAccC(_pVk, IC3x, IC3y, calldataload(add(pubSignals, 64)))


                // -A
                mstore(_pPairing, calldataload(pA))
                mstore(add(_pPairing, 32), mod(sub(q, calldataload(add(pA, 32))), q))

                // B
                mstore(add(_pPairing, 64), calldataload(pB))
                mstore(add(_pPairing, 96), calldataload(add(pB, 32)))
                mstore(add(_pPairing, 128), calldataload(add(pB, 64)))
                mstore(add(_pPairing, 160), calldataload(add(pB, 96)))

                // alpha1
                mstore(add(_pPairing, 192), alphax)
                mstore(add(_pPairing, 224), alphay)

                // beta2
                mstore(add(_pPairing, 256), betax1)
                mstore(add(_pPairing, 288), betax2)
                mstore(add(_pPairing, 320), betay1)
                mstore(add(_pPairing, 352), betay2)

                // vk_x
                mstore(add(_pPairing, 384), mload(add(pMem, pVk)))
                mstore(add(_pPairing, 416), mload(add(pMem, add(pVk, 32))))


                // gamma2
                mstore(add(_pPairing, 448), gammax1)
                mstore(add(_pPairing, 480), gammax2)
                mstore(add(_pPairing, 512), gammay1)
                mstore(add(_pPairing, 544), gammay2)

                // C
                mstore(add(_pPairing, 576), calldataload(pC))
                mstore(add(_pPairing, 608), calldataload(add(pC, 32)))

                // delta2
                mstore(add(_pPairing, 640), deltax1)
                mstore(add(_pPairing, 672), deltax2)
                mstore(add(_pPairing, 704), deltay1)
                mstore(add(_pPairing, 736), deltay2)


                let success := staticcall(sub(gas(), 2000), 8, _pPairing, 768, _pPairing, 0x20)

                isOk := and(success, mload(_pPairing))
            }

            let pMem := mload(0x40)
            mstore(0x40, add(pMem, pLastMem))

            // Validate that all evaluations ∈ F

            checkField(calldataload(add(_pubSignals, 0)))

            checkField(calldataload(add(_pubSignals, 32)))

            checkField(calldataload(add(_pubSignals, 64)))


            // Validate all evaluations
            let isValid := checkPairing(_pA, _pB, _pC, _pubSignals, pMem)

            mstore(0, isValid)
             return(0, 0x20)
         }
     }
 }
